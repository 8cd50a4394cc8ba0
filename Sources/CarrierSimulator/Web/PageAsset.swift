import Hummingbird

/// The style, the script and the icon, served from the program itself: there is no folder to install.
enum PageAsset {
    static func mount(on router: Router<CarrierContext>) {
        self.serve(PackageResources.carrier_simulator_css, as: "text/css; charset=utf-8", "css", router)
        self.serve(PackageResources.carrier_simulator_js, as: "text/javascript; charset=utf-8", "js", router)
        self.serve(PackageResources.carrier_simulator_svg, as: "image/svg+xml", "svg", router)
    }

    private static func serve(_ bytes: [UInt8], as type: String, _ kind: String, _ router: Router<CarrierContext>) {
        router.get("/carrier-simulator.\(kind)") { _, _ in
            var response = Response.body(bytes, type, .ok)
            response.headers[.cacheControl] = "no-cache"
            return response
        }
    }
}
