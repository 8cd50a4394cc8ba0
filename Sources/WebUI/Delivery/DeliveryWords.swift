internal import Channels
internal import Flows
internal import HTTPEdge
internal import Outbox
internal import PhoneNumbers
internal import Time

/// Messages and figures in the words of one language.
struct DeliveryWords {
    let messages: Messages

    init(_ messages: Messages) { self.messages = messages }

    func text(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
        self.messages.text("account.delivery.\(key)", values)
    }

    func way(_ channel: MessageChannel) -> String { self.text("ways.\(channel.rawValue)") }

    /// A country by its name; mail goes to none.
    func region(_ code: String?) -> String {
        guard let code else { return self.text("no_region") }
        let countries = CountryList.inLanguage(self.messages.language.rawValue)
        return countries[code]?.name ?? (code == "ZZ" ? self.text("unknown_region") : code)
    }

    /// `40 ms`, `2.4 s`, `12 s`, `3 min`.
    func time(_ span: Span) -> String {
        if span < .seconds(1) { return self.text("times.milliseconds", ["count": "\(span.milliseconds)"]) }
        let tenths = (span.milliseconds + 50) / 100
        if tenths < 100 { return self.text("times.seconds", ["count": "\(tenths / 10).\(tenths % 10)"]) }
        let seconds = (span.milliseconds + 500) / 1000
        if seconds < 120 { return self.text("times.seconds", ["count": "\(seconds)"]) }
        return self.text("times.minutes", ["count": "\((seconds + 30) / 60)"])
    }

    func window(_ window: DeliveryWindow, isChosen: Bool) -> [String: Any] {
        ["href": window.path, "label": self.text("spans.\(window.rawValue)"), "current": isChosen]
    }

    /// A line for each figure of all messages.
    func totals(_ figures: DeliveryFigures) -> [[String: Any]] {
        let values = [
            ("messages", "\(figures.messages)"), ("arrived", "\(figures[.delivered])"),
            ("failed", "\(figures[.failed] + figures[.expired])"),
            ("handed_over", "\(figures[.sent])"), ("waiting", "\(figures.waiting)"),
            ("withdrawn", "\(figures[.withdrawn])"),
            ("to_hand_over", self.times(figures.timeToHandOver)), ("to_arrival", self.times(figures.timeToArrival)),
            ("cost", "\(Money(millionths: figures.cost))"),
        ]
        return values.map { ["name": self.text("figures.\($0.0)"), "value": $0.1] }
    }

    private func times(_ times: TimesTaken?) -> String {
        guard let times else { return "–" }
        return self.text(
            "times.both", ["median": self.time(times.median), "most": self.time(times.percentile95)])
    }

    func withoutPrice(_ figures: DeliveryFigures) -> String? {
        guard figures.withoutPrice > 0 else { return nil }
        return self.messages.text("account.delivery.without_price", count: figures.withoutPrice)
    }

    /// - Parameter by: `provider`, `region` or `prefix`.
    func table(_ by: String, _ lines: [DeliverySummary.Line]) -> [String: Any] {
        let columns = ["messages", "arrived", "failed", "handed_over", "to_hand_over", "to_arrival", "cost"]
        return [
            "id": "by-\(by)", "heading": self.text("tables.\(by)"), "first": self.text("columns.\(by)"),
            "columns": columns.map { ["label": self.text("columns.\($0)")] }, "has_rows": !lines.isEmpty,
            "rows": lines.map(self.row),
        ]
    }

    private func row(_ line: DeliverySummary.Line) -> [String: Any] {
        let figures = line.figures
        let cells = [
            ("messages", "\(figures.messages)"), ("arrived", "\(figures[.delivered])"),
            ("failed", "\(figures[.failed] + figures[.expired])"),
            ("handed_over", "\(figures[.sent] + figures.waiting)"),
            ("to_hand_over", figures.timeToHandOver.map { self.time($0.median) } ?? "–"),
            ("to_arrival", figures.timeToArrival.map { self.time($0.median) } ?? "–"),
            ("cost", "\(Money(millionths: figures.cost))"),
        ]
        return [
            "name": line.prefix ?? line.provider ?? "", "place": self.place(line), "way": self.way(line.channel),
            "cells": cells.map { ["label": self.text("columns.\($0.0)"), "value": $0.1] },
        ]
    }

    /// What stands in words beside a provider's name or a block of numbers, or in the place of both.
    private func place(_ line: DeliverySummary.Line) -> String {
        if line.prefix != nil || line.region != nil { return self.region(line.region) }
        if line.provider != nil { return "" }
        return line.channel == .mail ? self.text("no_region") : self.text("nobody")
    }
}
