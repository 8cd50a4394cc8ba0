// The style, the script and the icon.

import Hummingbird

/// Served from the program itself: there is no folder to install.
enum PageAsset {
    static func mount(on router: Router<BasicRequestContext>) {
        self.serve(PackageResources.card_simulator_css, as: "text/css; charset=utf-8", "card-simulator.css", router)
        self.serve(
            PackageResources.card_simulator_js, as: "text/javascript; charset=utf-8", "card-simulator.js", router)
        self.serve(PackageResources.card_simulator_svg, as: "image/svg+xml", "card-simulator.svg", router)
    }

    private static func serve(
        _ bytes: [UInt8], as type: String, _ name: String, _ router: Router<BasicRequestContext>
    ) {
        router.get(RouterPath(name)) { _, _ in
            Response(
                status: .ok, headers: [.contentType: type, .cacheControl: "no-cache"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}
