"""A SignalR hub of the package aiosignalr, whose Echo returns what it is given, on the port given, until standard input ends."""
import asyncio
import sys

from aiosignalr.server import Hub, SignalRServer


class EchoHub(Hub):
    async def Echo(self, text: str) -> str:
        return text


async def main():
    server = SignalRServer(EchoHub)
    await server.serve("127.0.0.1", int(sys.argv[1]), path="/hub")
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
