package dev.copperplate.backup.testkit.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sends back what it gets, and tells what it got on each connection, and how that ended. */
final class EchoServer implements AutoCloseable {

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

  /** One connection as the server saw it. */
  record Heard(byte[] bytes, boolean reset) {}

  private final Thread acceptor;

  EchoServer() throws IOException {
    acceptor = start(this::accept);
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work, "echo-server");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Waits for a connection to end. */
  Heard heard() throws InterruptedException {
    Heard next = heard.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("No connection of the server ended");
    }
    return next;
  }

  private void accept() {
    while (true) {
      try {
        Socket guest = socket.accept();
        guest.setTcpNoDelay(true);
        start(() -> echo(guest));
      } catch (IOException closed) {
        return; // The test is over.
      }
    }
  }

  private void echo(Socket guest) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean reset = false;
    byte[] bytes = new byte[10_000];
    try (guest) {
      for (int n = guest.getInputStream().read(bytes); n >= 0; ) {
        all.write(bytes, 0, n);
        guest.getOutputStream().write(bytes, 0, n);
        n = guest.getInputStream().read(bytes);
      }
    } catch (IOException e) {
      reset = true;
    }
    heard.add(new Heard(all.toByteArray(), reset));
  }

  /** Lets nobody in any more. */
  void stop() throws IOException {
    socket.close();
    try {
      acceptor.join(); // As long as it accepts, the kernel lets clients in.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
