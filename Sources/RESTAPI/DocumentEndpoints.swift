package import HTTPEdge
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// The description of every call below `/api/v1`, as OpenAPI 3.1. Anybody may read it.
package struct DocumentEndpoints: Sendable {
    package init() {}

    package func mount(on routes: some RouterMethods<EdgeContext>) {
        routes.endpoint(
            "/openapi.json",
            [
                .get: { _, _ in
                    Response(
                        status: .ok, headers: [.contentType: "application/json"],
                        body: ResponseBody(byteBuffer: ByteBuffer(bytes: PackageResources.openapi_json)))
                }
            ])
    }
}
