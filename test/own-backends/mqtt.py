"""An MQTT broker over WebSocket, of the package amqtt, on the port given, until standard input ends."""
import asyncio
import sys

from amqtt.broker import Broker

config = {
    "listeners": {"default": {"type": "ws", "bind": f"127.0.0.1:{sys.argv[1]}", "max_connections": 1000}},
    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
}


async def main():
    broker = Broker(config)
    await broker.start()
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await broker.shutdown()


asyncio.run(main())
