// Why a text is not the JSON that we read.

/// Each case carries the offset of the byte where it was seen, never a piece of the text.
package enum JSONError: Error, Hashable, Sendable {
    case unexpectedEnd
    case unexpectedByte(at: Int)
    case trailingContent(at: Int)
    case tooDeep(at: Int)
    case duplicateMember(at: Int)
    case malformedNumber(at: Int)
    case numberOutOfRange(at: Int)
    case controlCharacter(at: Int)
    case malformedEscape(at: Int)
    case loneSurrogate(at: Int)
    case invalidUTF8(at: Int)
    case noncharacter(at: Int)
}
