/// How much of a document may be held at once. In bytes where nothing else is said.
enum XMLLimits {
    static let name = 128
    static let attributeValue = 4096
    /// Of one element.
    static let attributes = 64
    /// Of one element, or of one comment.
    static let text = 65_536
    /// Below the root.
    static let depth = 24
    /// In one child of the root.
    static let elements = 2000
}
