package dev.copperplate.backup.testkit.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** A port of this machine that can be closed and opened again. Thread-safe. */
final class Port {

  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int BACKLOG = 128;

  private final InetSocketAddress address;
  private final Threads threads;
  private final Consumer<Socket> guests;
  private ServerSocket socket;
  private Thread acceptor;

  /**
   * @param guests gets whoever comes, one after the other, and must not wait
   */
  Port(ServerSocket socket, Threads threads, Consumer<Socket> guests) {
    this.socket = socket;
    this.address = (InetSocketAddress) socket.getLocalSocketAddress();
    this.threads = threads;
    this.guests = guests;
    this.acceptor = startAccepting(socket);
  }

  /** Of the loopback interface; 0 for one that is free. */
  static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReceiveBufferSize(Connection.BUFFER);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  private Thread startAccepting(ServerSocket open) {
    return threads.start("accept", () -> accept(open));
  }

  private void accept(ServerSocket open) {
    while (true) {
      Socket guest;
      try {
        guest = open.accept();
      } catch (IOException e) {
        if (open.isClosed()) {
          return;
        }
        throw new UncheckedIOException(e);
      }
      guests.accept(guest);
    }
  }

  synchronized void close() throws IOException {
    socket.close();
    threads.join(acceptor); // As long as it accepts, the kernel lets clients in.
  }

  synchronized void reopen() throws IOException {
    if (socket.isClosed()) {
      socket = bind(address.getPort());
      acceptor = startAccepting(socket);
    }
  }
}
