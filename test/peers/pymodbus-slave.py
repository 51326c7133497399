"""The four modules of an OHT-50 on one RS485 bus, made of Debian's pymodbus: a peer nobody of this project wrote.

/usr/bin/python3 test/peers/pymodbus-slave.py PORT [--revision handler|map] [--units 2,3,4,5] [--still] [--baud 115200]

Units 2 power, 3 safety, 4 travel motor, 5 dock. `handler`: firmware v1.01 with the registers of the module handlers and temperatures x10;
`map`: firmware v1.02 with the registers of register_map.h. Prints "ready", then answers each line of its input with a line: "ok", a number, or
"error ...".

  set UNIT ADDRESS VALUE    get UNIT ADDRESS    refuse UNIT ADDRESS (illegal data address from now on)
  keep UNIT ADDRESS (takes writes and keeps what it has)    mute UNIT N (does what it is asked, its next N answers to writes are lost)
  drop UNIT    back UNIT    estop 0|1    written UNIT ADDRESS (how often it was written by the master)

Ends when its input ends. Needs python3-pymodbus 3.0, python3-serial, python3-serial-asyncio.
"""

import argparse
import asyncio
import logging
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server.async_io import ModbusSerialServer, ModbusSingleRequestHandler
from pymodbus.transaction import ModbusRtuFramer

parser = argparse.ArgumentParser()
parser.add_argument("port")
parser.add_argument("--revision", choices=["handler", "map"], default="handler")
parser.add_argument("--units", default="2,3,4,5")
parser.add_argument("--still", action="store_true", help="values do not move by themselves")
parser.add_argument("--baud", type=int, default=115200)
args = parser.parse_args()
handler = args.revision == "handler"


def span(first, words):
    return {first + n: word for n, word in enumerate(words)}


def identity(unit):
    """0x0100 to 0x0109; the last is the command that resets errors."""
    return span(0x0100, [unit, 5, 0, 1, unit, 0x0101 if handler else 0x0102, 0x0101, 0, 0, 0])


degree = 10 if handler else 1


def power():
    return {
        **span(0x0000, [254, 53, 872, 4110, 4098, 3, 1, 12, 25 * degree, 1, 0, 1, 1]),
        **span(0x0014, [4110, 4105, 4103, 4101, 4099, 4098, 25 * degree, 26 * degree, 0, 0, 0, 0, 0, 0, 0, 0]),
        **span(0x0030, [252, 50, 0, 0, 0, 0, 0, 27 * degree, 0, 0, 0, 1, 0, 0, 0, 0]),
        **span(0x0040, [120, 8, 96, 50, 12, 60, 33, 4, 13, 1, 1, 1, 0, 1180]),
        **identity(2),
    }


def safety():
    return {
        **span(0x0000, [1, 0, 0, 0, 1, 0, 31, 24]),
        **span(0x0010, [1800, 2400, 3000, 2200, 1500, 1600, 1700, 1550]),
        **span(0x0020, [3, 1, 1, 0, 0]),
        **span(0x0030, [1, 1, 0, 0, 0]),
        **span(0x0040, [1000, 2000, 3000, 5000]),
        **span(0x0050, [300, 50, 0, 1]),
        **identity(3),
    }


def motor():
    if handler:
        registers = span(0x0000, [1, 1, 900, 880, 6000, 0, 1, 50, 50, 10, 100, 412, 243, 61, 0, 1])
        registers.update(span(0x0010, [1, 1] + [0] * 14))
    else:
        one = [3, 1, 120, 0, 5, 0, 118, 1, 150, 12, 8, 1, 0]
        registers = {**span(0x0000, one), **span(0x0010, one), **span(0x0020, [1, 0, 0, 0, 0]), **span(0x0030, [0] * 5)}
    return {**registers, **identity(4)}


def dock():
    if handler:
        registers = {
            **span(0x7000, [0, 0, 200, 50, 2, 0, 1500, 12]),
            **span(0x7100, [0x4D2A, 0x0011, 71, 1]),
            **span(0x7200, [12, 0xFFF4, 1001, 251, 1]),
            **span(0x7300, [0, 0, 640, 655, 0]),
            **span(0x8000, [1, 0, 0, 0, 0]),
            **span(0x9000, [0, 0, 0, 30, 241, 180, 1200, 14, 1, 8200]),
            **span(0xA000, [500, 50, 2, 30, 3, 100, 50]),
        }
    else:
        registers = {
            **span(0x0000, [12, 0xFFF4, 1001, 3, 2, 1, 210, 40, 320, 25, 1000, 0, 0, 0, 4, 1, 0]),
            **span(0x0020, [21, 4, 32, 39, 4, 0, 50]),
            **span(0x0030, [0, 0, 0, 350, 0, 0, 0, 0, 0, 4, 0, 0]),
            **span(0x0040, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1500, 0, 50, 30000, 0, 14]),
        }
    return {**registers, **identity(5)}


class Registers(ModbusSparseDataBlock):
    """Knows which of its registers ignore writes, and how often the master wrote each."""

    def __init__(self, values):
        super().__init__(values)
        self.keeps = set()
        self.written = {}

    def setValues(self, address, values, use_as_default=False):
        for at, value in enumerate(values if isinstance(values, list) else [values], address):
            self.written[at] = self.written.get(at, 0) + 1
            if at not in self.keeps:
                self.values[at] = value


# An illegal address is an answer here, not a mishap.
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)

made = {2: power, 3: safety, 4: motor, 5: dock}
blocks = {unit: Registers(made[unit]()) for unit in map(int, args.units.split(","))}
empty = {0: 0}
slaves = {
    unit: ModbusSlaveContext(
        hr=block,
        ir=ModbusSparseDataBlock(empty),
        co=ModbusSparseDataBlock(empty),
        di=ModbusSparseDataBlock(empty),
        zero_mode=True,
    )
    for unit, block in blocks.items()
}
context = ModbusServerContext(slaves=slaves, single=False)
muted = {}
dropped = set()


class Handler(ModbusSingleRequestHandler):
    def execute(self, request, *addr):
        if request.unit_id not in dropped:
            super().execute(request, *addr)

    def send(self, message, *addr, **kwargs):
        # Of writes only: a poll that is under way must not use it up.
        if message.function_code in (5, 6, 15, 16) and muted.get(message.unit_id, 0) > 0:
            muted[message.unit_id] -= 1
            return
        super().send(message, *addr, **kwargs)


def obey(line):
    what, *numbers = line.split()
    numbers = [int(number, 0) for number in numbers]
    if what == "estop":
        blocks[3].values[1] = numbers[0]
        return "ok"
    unit = numbers[0]
    block = blocks[unit]
    if what == "set":
        block.values[numbers[1]] = numbers[2] & 0xFFFF
    elif what == "get":
        return str(block.values[numbers[1]])
    elif what == "written":
        return str(block.written.get(numbers[1], 0))
    elif what == "refuse":
        del block.values[numbers[1]]
    elif what == "keep":
        block.keeps.add(numbers[1])
    elif what == "mute":
        muted[unit] = numbers[1]
    elif what == "drop":
        dropped.add(unit)
    elif what == "back":
        dropped.discard(unit)
    else:
        return f"error unknown command {what}"
    return "ok"


async def move():
    """The battery drains, the motor's speed wavers, the dock comes nearer."""
    tick = 0
    while True:
        await asyncio.sleep(0.1)
        tick += 1
        if 2 in blocks and tick % 100 == 0:
            values = blocks[2].values
            values[2] = max(0, values[2] - 1)
            values[0] = 230 + values[2] * 28 // 1000
        if 4 in blocks:
            values = blocks[4].values
            at = 3 if handler else 6
            values[at] = (880 if values[0] else 0) + tick % 7 if handler else 118 + tick % 5
            if handler and values[0]:
                values[5] = (values[5] + 9) % 12000
        if 5 in blocks:
            at = 0x7006 if handler else 0x4A
            blocks[5].values[at] = 1500 - tick * 3 % 1500


async def main():
    server = ModbusSerialServer(
        context,
        framer=ModbusRtuFramer,
        port=args.port,
        baudrate=args.baud,
        timeout=0,
        handler=Handler,
        ignore_missing_slaves=True,
    )
    await server.start()
    if not args.still:
        asyncio.ensure_future(move())
    print("ready", flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        try:
            said = obey(line.decode())
        except (KeyError, ValueError, IndexError) as error:
            said = f"error {error!r}"
        print(said, flush=True)
    await server.shutdown()


asyncio.run(main())
