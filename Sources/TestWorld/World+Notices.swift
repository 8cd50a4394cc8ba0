internal import Channels
package import Flows
package import Identity
package import Outbox
internal import Storage

/// A notice that waits to go out.
package struct QueuedNotice: Hashable, Sendable {
    package let kind: NoticeKind
    package let channel: MessageChannel
    package let recipient: String
    package let language: String

    package init(_ kind: NoticeKind, _ channel: MessageChannel, to recipient: String, in language: String = "en") {
        (self.kind, self.channel, self.recipient, self.language) = (kind, channel, recipient, language)
    }
}

extension World {
    /// Mail and texts.
    package static let everyWay = NoticePlan(channels: [.mail, .text])

    /// What waits to go out, in no order.
    package func queuedNotices() async throws -> [QueuedNotice] {
        try await self.messages().compactMap { message in
            message.body.notice.map {
                QueuedNotice($0, message.channel, to: message.body.recipient, in: message.body.language)
            }
        }
    }

    package func speak(_ language: String, _ name: String = "alice") async throws {
        let user = try await self.user(name)
        try await self.store.write { try $0.users.set(language: language, of: user) }
    }
}
