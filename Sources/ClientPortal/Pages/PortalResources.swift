// The files built into the program.

import HTTPTypes
import Hummingbird
import HummingbirdCore

enum PortalResources {
    static let templates = [
        "portal_layout": Self.text(PackageResources.portal_layout_mustache),
        "portal_front": Self.text(PackageResources.portal_front_mustache),
        "portal_home": Self.text(PackageResources.portal_home_mustache),
        "portal_details": Self.text(PackageResources.portal_details_mustache),
        "portal_error": Self.text(PackageResources.portal_error_mustache),
    ]

    static func styleSheet() -> Response { Self.file(PackageResources.portal_style_css, "text/css; charset=utf-8") }
    static func icon() -> Response { Self.file(PackageResources.portal_icon_svg, "image/svg+xml") }

    private static func file(_ bytes: [UInt8], _ type: String) -> Response {
        let headers: HTTPFields = [.contentType: type, .cacheControl: "public, max-age=300"]
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
