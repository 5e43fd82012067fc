package dev.copperplate.backup.postgres;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What PgBouncer is to a client of a PostgreSQL on loopback: it refuses replication, and gives keys
 * for cancelling that are its own. It pools nothing.
 */
final class Pooler implements Closeable {

  private static final int ENCRYPTION_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final int KEY = 'K';

  private final ServerSocket socket;
  private final int server;
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

  Pooler(int server) throws IOException {
    this.server = server;
    this.socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    open.add(socket);
    start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (EOFException | SocketException end) {
                // One side has closed, or the test is over.
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            },
            "pooler");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = socket.accept();
      open.add(client);
      start(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    DataOutputStream out = new DataOutputStream(client.getOutputStream());
    byte[] startup = startup(in, out);
    if (new String(startup, StandardCharsets.UTF_8).contains("\0replication\0")) {
      refuse(out);
      client.close();
      return;
    }
    Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
    open.add(behind);
    DataOutputStream forward = new DataOutputStream(behind.getOutputStream());
    forward.writeInt(startup.length + 4);
    forward.write(startup);
    start(() -> answer(new DataInputStream(behind.getInputStream()), out, behind, client));
    in.transferTo(forward);
    behind.close();
  }

  /** The first message that is none of encryption, which is declined. */
  private static byte[] startup(DataInputStream in, DataOutputStream out) throws IOException {
    while (true) {
      byte[] message = in.readNBytes(in.readInt() - 4);
      int code = new DataInputStream(new ByteArrayInputStream(message)).readInt();
      if (code != ENCRYPTION_REQUEST && code != GSS_REQUEST) {
        return message;
      }
      out.write('N');
      out.flush();
    }
  }

  private static void refuse(DataOutputStream out) throws IOException {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    for (String each :
        new String[] {"SFATAL", "C08P01", "Munsupported startup parameter: replication", ""}) {
      fields.writeBytes(each.getBytes(StandardCharsets.UTF_8));
      fields.write(0);
    }
    out.write('E');
    out.writeInt(fields.size() + 4);
    out.write(fields.toByteArray());
    out.flush();
  }

  private static void answer(DataInputStream in, DataOutputStream out, Socket behind, Socket client)
      throws IOException {
    try (behind;
        client) {
      while (true) {
        int type = in.readUnsignedByte();
        int size = in.readInt();
        byte[] message = in.readNBytes(size - 4);
        if (type == KEY) {
          message[2] ^= 0x55; // of the process's number
        }
        out.write(type);
        out.writeInt(size);
        out.write(message);
        out.flush();
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : open) {
      each.close();
    }
  }
}
