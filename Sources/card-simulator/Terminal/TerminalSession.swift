// One card at one terminal, until the user quits.

import CardDevice
import Languages

/// Reads keys, presses them, draws the card. What a key does is the card's business.
struct TerminalSession {
    let card: DemoCard
    let language: Language
    private let clock = SteadyClock()

    init(card: DemoCard, language: Language) {
        self.card = card
        self.language = language
    }

    func runRaw() {
        RawTerminal.run {
            var device = self.card.device
            let drawing = TerminalCard(serial: self.card.serial, language: self.language)
            let quit = " " + PageMessage.terminalQuit.text(in: self.language)
            RawTerminal.write(drawing.lines(device.display(at: 0)).map { "\($0)\r\n" }.joined() + quit)
            // A quarter of a second: soon enough to go dark in time.
            while let bytes = RawTerminal.read(forMilliseconds: 250) {
                for key in bytes.compactMap(TerminalKey.init) {
                    guard case .press(let key) = key else { return }
                    device.press(key, at: self.clock.now())
                }
                let lines = drawing.lines(device.display(at: self.clock.now()))
                RawTerminal.write("\r\u{1B}[\(lines.count)A" + lines.map { "\($0)\r\n" }.joined() + quit)
            }
        }
    }

    func runLines() {
        var device = self.card.device
        while let line = readLine() {
            for byte in Array(line.utf8) + [0x0A] {
                guard let key = TerminalKey(byte) else { continue }
                guard case .press(let key) = key else { return }
                device.press(key, at: self.clock.now())
            }
            print(Self.text(device.display(at: self.clock.now()), in: self.language))
        }
    }

    static func text(_ display: CardDisplay, in language: Language = .english) -> String {
        display.isOn ? display.line : PageMessage.terminalOff.text(in: language)
    }
}
