package dev.copperplate.backup.kafka.transport;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/** Greets as a broker does, and answers what a test says. */
final class FakeBroker implements Closeable {

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int newestFetch;
  private final IntFunction<byte[]> answer;

  /**
   * @param newestFetch the version of Fetch that it speaks
   * @param answer all bytes of an answer with its size and a correlation id, after which the
   *     connection is closed
   */
  FakeBroker(int newestFetch, IntFunction<byte[]> answer) throws IOException {
    this.newestFetch = newestFetch;
    this.answer = answer;
    threads.execute(this::accept);
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.getLocalPort());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted;
        DataInputStream in = new DataInputStream(socket.getInputStream())) {
      for (boolean open = true; open; ) {
        ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
        boolean greeting = request.getShort(0) == Request.Api.API_VERSIONS.key();
        int correlation = request.getInt(4);
        socket
            .getOutputStream()
            .write(greeting ? versions(correlation) : answer.apply(correlation));
        open = greeting;
      }
    } catch (IOException gone) {
      // The client has closed the connection.
    }
  }

  private byte[] versions(int correlation) {
    RequestWriter body = new RequestWriter().int32(correlation).int16(0).int32(3);
    body.int16(Request.Api.FETCH.key()).int16(0).int16(newestFetch);
    body.int16(Request.Api.PRODUCE.key()).int16(0).int16(9);
    body.int16(Request.Api.API_VERSIONS.key()).int16(0).int16(0);
    return framed(body.done());
  }

  static byte[] framed(ByteBuffer body) {
    byte[] all = new byte[Integer.BYTES + body.remaining()];
    ByteBuffer.wrap(all).putInt(body.remaining()).put(body);
    return all;
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
