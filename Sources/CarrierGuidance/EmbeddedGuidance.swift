/// Our own files, from inside the program.
enum EmbeddedGuidance {
    static func files() -> [(String, [UInt8])] {
        [
            ("au.en.txt", PackageResources.au_en_txt),
            ("au.zh-Hant.txt", PackageResources.au_zh_Hant_txt),
            ("ca.en.txt", PackageResources.ca_en_txt),
            ("ca.zh-Hant.txt", PackageResources.ca_zh_Hant_txt),
            ("cn.en.txt", PackageResources.cn_en_txt),
            ("cn.zh-Hant.txt", PackageResources.cn_zh_Hant_txt),
            ("eu.en.txt", PackageResources.eu_en_txt),
            ("eu.zh-Hant.txt", PackageResources.eu_zh_Hant_txt),
            ("gb.en.txt", PackageResources.gb_en_txt),
            ("gb.zh-Hant.txt", PackageResources.gb_zh_Hant_txt),
            ("general.en.txt", PackageResources.general_en_txt),
            ("general.zh-Hant.txt", PackageResources.general_zh_Hant_txt),
            ("hk.en.txt", PackageResources.hk_en_txt),
            ("hk.zh-Hant.txt", PackageResources.hk_zh_Hant_txt),
            ("in.en.txt", PackageResources.in_en_txt),
            ("in.zh-Hant.txt", PackageResources.in_zh_Hant_txt),
            ("jp.en.txt", PackageResources.jp_en_txt),
            ("jp.zh-Hant.txt", PackageResources.jp_zh_Hant_txt),
            ("sg.en.txt", PackageResources.sg_en_txt),
            ("sg.zh-Hant.txt", PackageResources.sg_zh_Hant_txt),
            ("tw.en.txt", PackageResources.tw_en_txt),
            ("tw.zh-Hant.txt", PackageResources.tw_zh_Hant_txt),
            ("us.en.txt", PackageResources.us_en_txt),
            ("us.zh-Hant.txt", PackageResources.us_zh_Hant_txt),
        ]
    }
}
