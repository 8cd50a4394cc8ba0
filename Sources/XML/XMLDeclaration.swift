// The XML declaration (XML 1.0 section 2.8).

extension XMLInput {
    /// After `<?xml`: `version`, then `encoding`, then `standalone`, and nothing else.
    mutating func declaration() throws(XMLError) {
        var parts = try self.declarationParts()
        guard parts.first?.name == "version", parts.removeFirst().value == "1.0" else {
            throw self.error(.malformedDeclaration)
        }
        if parts.first?.name == "encoding" {
            let encoding = parts.removeFirst().value.lowercased()
            guard encoding == "utf-8" || encoding == "us-ascii" else { throw self.error(.foreignEncoding) }
        }
        if parts.first?.name == "standalone" {
            guard ["yes", "no"].contains(parts.removeFirst().value) else { throw self.error(.malformedDeclaration) }
        }
        guard parts.isEmpty else { throw self.error(.malformedDeclaration) }
    }

    private mutating func declarationParts() throws(XMLError) -> [(name: String, value: String)] {
        var parts: [(name: String, value: String)] = []
        while true {
            let hasSpace = try self.skipWhiteSpace()
            if try self.take(UInt8(ascii: "?")) {
                try self.expect(">", or: .malformedDeclaration)
                return parts
            }
            guard hasSpace, parts.count < 3 else { throw self.error(.malformedDeclaration) }
            let name = try self.name()
            try self.skipWhiteSpace()
            try self.expect("=", or: .malformedDeclaration)
            try self.skipWhiteSpace()
            parts.append((name, try self.attributeValue()))
        }
    }
}
