// The token that a client asks to revoke, or asks about (RFC 7009 section 2.1, RFC 7662 section 2.1).

package import Encodings

/// A token as a client names it. `token_type_hint` is not read: ours are found by one look-up whatever they are.
package struct TokenReference: Sendable {
    package let token: SecretText

    package init(_ fields: FormFields) throws(TokenError) {
        self.token = SecretText(try TokenParameter.text("token", maximum: 4_096, in: fields))
    }
}
