package dev.copperplate.backup.postgres.scratch;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * Ports of 127.0.0.1 that are free just now, and are likely to be free again after a restart: none
 * of those that systems give to outgoing connections (on Linux from 32768 on).
 */
public final class LoopbackPorts {

  private static final int FIRST = 15_000;
  private static final int LAST = 32_000;
  private static final int ATTEMPTS = 100;
  private static final SecureRandom RANDOM = new SecureRandom();

  private LoopbackPorts() {}

  /** One of them. Somebody else may take it before the caller does. */
  public static int free() throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = FIRST + RANDOM.nextInt(LAST - FIRST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new BindException("No free port between " + FIRST + " and " + LAST);
  }

  private static boolean isFree(int port) throws IOException {
    byte[] loopback = {127, 0, 0, 1};
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(loopback))) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    }
  }
}
