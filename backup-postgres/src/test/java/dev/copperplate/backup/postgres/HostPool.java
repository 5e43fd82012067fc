package dev.copperplate.backup.postgres;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A pool of a host, as simple as one can be, that does not wait. */
final class HostPool implements DataSource, AutoCloseable {

  private final List<Connection> all = new ArrayList<>();
  private final Deque<Connection> free = new ArrayDeque<>();
  private int most;

  HostPool(EmbeddedPostgres server, int size) throws SQLException {
    for (int i = 0; i < size; i++) {
      all.add(server.connection());
    }
    free.addAll(all);
  }

  /** How many were out at once, at most. */
  synchronized int most() {
    return most;
  }

  synchronized int free() {
    return free.size();
  }

  List<Connection> all() {
    return List.copyOf(all);
  }

  @Override
  public synchronized Connection getConnection() throws SQLException {
    Connection real = free.poll();
    if (real == null) {
      throw new SQLTransientConnectionException("none left", "08001");
    }
    most = Math.max(most, all.size() - free.size());
    boolean[] back = new boolean[1];
    return (Connection)
        Proxy.newProxyInstance(
            HostPool.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                giveBack(real, back);
                return null;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private synchronized void giveBack(Connection real, boolean[] back) {
    if (!back[0]) {
      back[0] = true;
      free.add(real);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Connection each : all) {
      each.close();
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() {
    return new PrintWriter(System.err, false, StandardCharsets.UTF_8);
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
