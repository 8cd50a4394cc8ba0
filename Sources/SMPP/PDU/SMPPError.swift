/// Why something was refused. Fields bear the specification's names; nothing carries a text, a number or a password.
package enum SMPPError: Error, Hashable, Sendable {
    /// A `command_length` below 16 or above ``PDU/longest``.
    case impossibleLength(UInt32)
    /// The bytes end inside this field.
    case truncated(String)
    /// A text without its closing NUL, or longer than the field may be.
    case tooLong(String)
    /// Something other than printable ASCII.
    case notPrintable(String)
    /// A value that the field cannot have.
    case invalid(String)
    /// So many bytes follow the last field.
    case trailingBytes(Int)
    /// An optional parameter that is longer or shorter than its tag allows, or twice.
    case malformedParameter(UInt16)
    case repeatedParameter(UInt16)
    /// Section 5.3.2.32: `short_message` and `message_payload` at once.
    case twoContents
    /// A text of more than 255 parts.
    case tooManyParts
    /// A delivery receipt that does not say for which message.
    case noMessageID
}
