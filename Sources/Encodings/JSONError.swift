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

extension JSONError: CustomStringConvertible {
    /// For whoever wrote the text: what is wrong with it, and at which byte.
    package var description: String {
        switch self {
        case .unexpectedEnd: "the JSON text ends too early"
        case .unexpectedByte(let place): "byte \(place) does not belong there in JSON"
        case .trailingContent(let place): "the JSON text goes on after its end, at byte \(place)"
        case .tooDeep(let place): "the JSON text is nested too deeply, at byte \(place)"
        case .duplicateMember(let place): "the JSON text has a member twice, at byte \(place)"
        case .malformedNumber(let place): "the number at byte \(place) is malformed"
        case .numberOutOfRange(let place): "the number at byte \(place) is too large or too small"
        case .controlCharacter(let place): "there is a control character in a string, at byte \(place)"
        case .malformedEscape(let place): "the escape at byte \(place) is malformed"
        case .loneSurrogate(let place): "there is half a surrogate pair at byte \(place)"
        case .invalidUTF8(let place): "byte \(place) is not UTF-8"
        case .noncharacter(let place): "there is no character at byte \(place)"
        }
    }
}
