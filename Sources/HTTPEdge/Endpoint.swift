internal import HTTPTypes
package import Hummingbird

extension RouterMethods where Context == EdgeContext {
    package typealias Handler = @Sendable (Request, EdgeContext) async throws -> Response

    /// One path with its methods, HEAD wherever there is GET; every other method is answered by 405 and the list of those that it has.
    package func endpoint(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        let methods = handlers[.get] == nil ? Set(handlers.keys) : Set(handlers.keys).union([.head])
        for (method, handler) in handlers { self.on(path, method: method, use: handler) }
        if let get = handlers[.get], handlers[.head] == nil {
            self.on(path, method: .head) { try await get($0, $1).createHeadResponse() }
        }
        let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
        for method in Self.known where !methods.contains(method) {
            self.on(path, method: method) { _, _ -> Response in
                throw PublicError(
                    .methodNotAllowed, .methodNotAllowed, detail: "this address takes \(allowed)",
                    allowed: allowed)
            }
        }
    }

    private static var known: [HTTPRequest.Method] { [.get, .head, .post, .put, .patch, .delete, .options] }
}
