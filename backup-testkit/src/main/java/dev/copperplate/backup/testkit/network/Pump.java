package dev.copperplate.backup.testkit.network;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Carries one direction of a connection, and half-closes it at its end. */
final class Pump implements Runnable {

  private final Connection connection;
  private final Direction direction;
  private final InputStream in;
  private final byte[] bytes = new byte[Piece.MOST];

  Pump(Connection connection, Direction direction, InputStream in) {
    this.connection = connection;
    this.direction = direction;
    this.in = in;
  }

  @Override
  public void run() {
    boolean whole = false;
    try {
      for (int count = read(); count >= 0; count = read()) {
        carry(count);
      }
      connection.endOf(direction);
      whole = true;
    } catch (IOException e) {
      // One side broke off, and the other side learns it below in the same way.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!whole) {
        connection.broken();
      }
    }
  }

  private int read() throws IOException, InterruptedException {
    connection.awaitUnlessStalled();
    return in.read(bytes);
  }

  private void carry(int count) throws IOException, InterruptedException {
    int at = connection.begin(direction, bytes, count);
    while (at < count && connection.lives()) {
      at += pass(new Piece(direction, bytes, at, count, connection));
    }
  }

  private int pass(Piece piece) throws IOException, InterruptedException {
    List<Scope> scopes = connection.scopes();
    long passed = connection.passed(direction);
    for (Scope scope : scopes) {
      scope.before(piece, passed);
    }
    Fate fate = Fate.LIVES;
    for (Scope scope : scopes) {
      fate = fate.or(scope.after(piece, passed));
    }
    if (piece.length() == 0 && fate == Fate.LIVES) {
      throw new IllegalStateException("A fault lets nothing pass, and the connection go on");
    }
    connection.pass(piece, fate);
    return piece.length();
  }
}
