"""An SMSC that is not ours: the server of smpp34. Says on its standard output what comes, a line each.

Numbers that end in 99 are unknown to it; for those that end in 98 it is too busy. Ids are hexadecimal in its answers and
decimal in its receipts, which echo the message, as those of many providers do.
"""

import asyncio
import sys

import smpp34

GSM = dict(enumerate("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ"))
refusals = {"99": smpp34.ESME_RINVDSTADR, "98": smpp34.ESME_RTHROTTLED}


def say(text):
    print(text, flush=True)


def gsm(septets):
    """Only what the tests send: the euro is the one escaped character."""
    text = "".join(GSM.get(septet) or chr(septet) for septet in septets)
    return text.replace("\x1be", "€")


def shown(event):
    content = bytes(event.short_message)
    part = ""
    if event.esm_class & 0x40:
        reference, total, number = content[3:6]
        part = f"[{reference} {number}/{total}] "
        content = content[content[0] + 1 :]
    return part + (content.decode("utf-16-be") if event.data_coding == 8 else gsm(content))


def receipt(number, text):
    dates = "submit date:2601310930 done date:2601310931"
    return f"id:{number} sub:001 dlvrd:001 {dates} stat:DELIVRD err:000 text:{text[:20]}".encode("ascii", "replace")


async def serve(port):
    server = smpp34.Server(host="127.0.0.1", port=port, system_id="PEER")
    await server.start()
    say("listening")
    sessions = {}
    number = 0xA0
    while True:
        event = await server.next()
        if isinstance(event, smpp34.Esme):
            sessions[event.session_id] = event
            say(f"bound {event.system_id}")
        elif isinstance(event, smpp34.SubmitSmEvent):
            if event.destination_addr[-2:] in refusals:
                event.reject(refusals[event.destination_addr[-2:]])
                continue
            number += 1
            event.accept(message_id=f"{number:08X}")
            source = f"{event.source_addr_ton}.{event.source_addr_npi} {event.source_addr}"
            destination = f"{event.dest_addr_ton}.{event.dest_addr_npi} {event.destination_addr}"
            say(f"submit {source} {destination} {event.data_coding} {shown(event)}")
            await sessions[event.session_id].deliver_sm(
                source_addr=event.destination_addr, source_addr_ton=1, source_addr_npi=1,
                destination_addr=event.source_addr, dest_addr_ton=5, esm_class=0x04,
                short_message=receipt(number, shown(event)))
        elif isinstance(event, smpp34.Unbound):
            say("unbound")


asyncio.run(serve(int(sys.argv[1])))
