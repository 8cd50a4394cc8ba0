// HTTPEdge: what every HTTP audience shares: who asks and from where, strict input, cookies, security headers, public
// error words. No pages, no protocol, no flow of its own.

package import Flows
package import Hummingbird
internal import Identifiers
internal import NIOCore

/// What the server knows of one request beside the request itself.
package struct EdgeContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The peer of the connection: the client, or a proxy.
    package let peer: String?
    /// Set by ``RequestOriginMiddleware``, before any handler.
    package var origin: RequestOrigin

    package init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.peer = source.channel.remoteAddress?.ipAddress
        self.origin = RequestOrigin()
    }

    /// What logs and metrics call the address: its template, for a path can hold what opens something. Where none matched it
    /// is what the router itself says.
    package var route: String { self.endpointPath ?? "NotFound" }
}
