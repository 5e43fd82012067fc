package dev.copperplate.backup.kafka.transport;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a broker and cuts the connection in the middle of answers, after the broker has
 * done what was asked.
 */
final class CuttingProxy implements Closeable {

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile int broker;
  private volatile int api = -1;

  CuttingProxy() throws IOException {
    threads.execute(this::accept);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  void forwardTo(String address) {
    broker = Integer.parseInt(address.substring(address.indexOf(':') + 1));
  }

  /** Cuts so many of the next answers of this kind. */
  void cut(Request.Api which, int times) {
    api = which.key();
    cuts.set(times);
  }

  int cutsLeft() {
    return cuts.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** One question after the other, so that each answer belongs to the question before it. */
  private void serve(Socket accepted) {
    try (Socket client = accepted;
        Socket to = new Socket(InetAddress.getLoopbackAddress(), broker);
        DataInputStream questions = new DataInputStream(client.getInputStream());
        DataInputStream answers = new DataInputStream(to.getInputStream())) {
      while (true) {
        byte[] question = frame(questions);
        to.getOutputStream().write(question);
        byte[] answer = frame(answers);
        boolean cut = ByteBuffer.wrap(question).getShort(4) == api && cuts.getAndDecrement() > 0;
        OutputStream out = client.getOutputStream();
        out.write(answer, 0, cut ? answer.length / 2 : answer.length);
        if (cut) {
          return;
        }
      }
    } catch (IOException gone) {
      // One of them has closed the connection.
    }
  }

  private static byte[] frame(DataInputStream in) throws IOException {
    int size = in.readInt();
    byte[] frame = new byte[Integer.BYTES + size];
    ByteBuffer.wrap(frame).putInt(size);
    in.readFully(frame, Integer.BYTES, size);
    return frame;
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
