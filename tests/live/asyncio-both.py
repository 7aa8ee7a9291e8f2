"""An asyncio client (asyncio-both.py HOST PORT) and server (asyncio-both.py PORT)."""
import asyncio
import sys


async def ask(host, port):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"word from asyncio\n")
    print((await reader.readline()).decode().strip())
    writer.close()
    await writer.wait_closed()


async def ask_datagram(host, port):
    answer = asyncio.get_running_loop().create_future()

    class Protocol(asyncio.DatagramProtocol):
        def datagram_received(self, data, addr):
            answer.set_result(data)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        Protocol, remote_addr=(host, port + 1))
    transport.sendto(b"datagram from asyncio\n")
    print((await asyncio.wait_for(answer, 5)).decode().strip())
    transport.close()


async def both(host, port):
    await asyncio.gather(*(ask(host, port) for _ in range(20)))
    await ask_datagram(host, port)


async def serve(port):
    done = asyncio.Event()

    async def answer(reader, writer):
        writer.write(b"served " + await reader.readline())
        writer.close()
        done.set()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        await asyncio.wait_for(done.wait(), 20)


if len(sys.argv) == 3:
    asyncio.run(both(sys.argv[1], int(sys.argv[2])))
else:
    asyncio.run(serve(int(sys.argv[1])))
