package dev.copperplate.backup.testkit.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/** A client that shows what really arrives. */
final class RawClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket = new Socket();

  RawClient(InetSocketAddress server) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(server);
    socket.setTcpNoDelay(true);
  }

  void patience(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(String text) throws IOException {
    send(text.getBytes(ISO_8859_1));
  }

  void sendEnd() throws IOException {
    socket.shutdownOutput();
  }

  /** So many bytes, fewer only at the end. */
  String receive(int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), ISO_8859_1);
  }

  /** The first line of what ends with an empty one. */
  String receiveHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = receiveOne();
      if (next < 0) {
        throw new EOFException("Only came: " + head);
      }
      head.append((char) next);
    }
    return head.substring(0, head.indexOf("\r\n"));
  }

  int receiveOne() throws IOException {
    return socket.getInputStream().read();
  }

  byte[] receiveAll() throws IOException {
    return socket.getInputStream().readAllBytes();
  }

  String receiveText() throws IOException {
    return new String(receiveAll(), ISO_8859_1);
  }

  /** Sends and receives at once, as neither side must wait for the other. */
  byte[] exchange(byte[] bytes) throws IOException {
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                send(bytes);
                sendEnd();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    byte[] received = receiveAll();
    sent.join();
    return received;
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
