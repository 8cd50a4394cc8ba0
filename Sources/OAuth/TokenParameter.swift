// Required parameters of the endpoints that clients call themselves.

internal import Encodings

enum TokenParameter {
    /// A parameter of visible ASCII characters that must be there.
    static func text(_ name: String, maximum: Int, in fields: FormFields) throws(TokenError) -> String {
        guard let text = fields.parameter(name) else { throw TokenError(.invalidRequest, "\(name) is missing") }
        guard ParameterSyntax.isVisible(text, maximum: maximum) else {
            throw TokenError(.invalidRequest, "\(name) is malformed")
        }
        return text
    }
}
