/// A browser, or our own program for terminals, and what it runs on, as far as it says so itself. For the user's eyes: anybody may say anything.
struct Device: Hashable, Sendable {
    let browser: String?
    let isTerminal: Bool
    let system: String?

    init(userAgent: String?) {
        let text = userAgent ?? ""
        self.isTerminal = text.hasPrefix("countersign-terminal/")
        self.browser = Self.browsers.first { text.contains($0.mark) }?.name
        self.system = Self.systems.first { text.contains($0.mark) }?.name
    }

    func text(_ messages: Messages) -> String {
        switch (self.isTerminal ? messages.text("account.sessions.terminal") : self.browser, self.system) {
        case (let browser?, let system?):
            messages.text("account.sessions.device", ["browser": browser, "system": system])
        case (let only?, nil), (nil, let only?): only
        case (nil, nil): messages.text("account.sessions.unknown_device")
        }
    }

    /// The first mark that is found counts: most browsers also name those that they want to be taken for.
    private static let browsers: [(mark: String, name: String)] = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]
    private static let systems: [(mark: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("CrOS", "ChromeOS"), ("Macintosh", "Mac"), ("Linux", "Linux"),
    ]
}
