internal import Flows
internal import HTTPEdge
internal import HTTPTypes
internal import Hummingbird
internal import Time

extension Response {
    /// The page once more, since no more passwords can be checked now: with the status and the pause that every door gives.
    func busy(for wait: Span, ofThisSource: Bool) -> Response {
        let error = PublicError(FlowError.tooManyPasswordChecks(retryAfter: wait, ofThisSource: ofThisSource))
        var response = self
        response.status = error.status
        response.headers[.retryAfter] = "\(wait.secondsRoundedUp)"
        return response
    }
}
