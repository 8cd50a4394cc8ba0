internal import HTTPTypes
package import Hummingbird

extension RouterMethods where Context == EdgeContext {
    package typealias Handler = @Sendable (Request, EdgeContext) async throws -> Response

    /// One path with its methods; every other method is answered by 405 and the list of those that it has.
    package func endpoint(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        for (method, handler) in handlers { self.on(path, method: method, use: handler) }
        let allowed = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
        for method in Self.known where handlers[method] == nil {
            self.on(path, method: method) { _, _ -> Response in
                throw PublicError(.methodNotAllowed, .methodNotAllowed, detail: "this address takes \(allowed)")
            }
        }
    }

    private static var known: [HTTPRequest.Method] { [.get, .head, .post, .put, .patch, .delete, .options] }
}
