// HTTPEdge: what every HTTP audience shares: who asks and from where, strict input, cookies, security headers, public
// error words. No pages, no protocol, no flow of its own.

internal import Encodings
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

    /// One component of the path, decoded; nil where it is no text. The router hands them out as they were sent.
    package func component(_ name: String) -> String? {
        // In a path a plus sign is itself, other than in a form.
        let path = (self.parameters.get(name) ?? "").replacing("+", with: "%2B")
        return FormURLEncoded.decode(Array(path.utf8)[...])
    }
}
