package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// The files that pages refer to. Their address changes with them, so they may be kept for ever.
package struct AssetRoutes: Sendable {
    private let library: PageLibrary

    package init(library: PageLibrary) { self.library = library }

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        for asset in Asset.allCases {
            routes.endpoint("\(self.library.assetsPath)/\(asset.rawValue)", [.get: { _, _ in Self.response(asset) }])
        }
    }

    private static func response(_ asset: Asset) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
