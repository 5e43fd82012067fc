package dev.copperplate.backup.postgres.tools;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.SslMode;
import org.postgresql.util.PSQLException;

/**
 * How PostgreSQL's programs reach a server, said as the driver is told. What is secret goes into a
 * file of mode 0600, everything else into one address whose special characters are escaped, so that
 * no name is taken for a parameter.
 *
 * @see <a href="https://www.postgresql.org/docs/17/libpq-connect.html">PostgreSQL, "Database
 *     Connection Control Functions"</a>
 */
public final class LibpqAddress {

  private static final String PASS_FILE = "passfile";

  /** The driver's properties that libpq calls otherwise, or the same. */
  private static final Map<PGProperty, String> SAME =
      Map.ofEntries(
          Map.entry(PGProperty.USER, "user"),
          Map.entry(PGProperty.SSL_ROOT_CERT, "sslrootcert"),
          Map.entry(PGProperty.SSL_CERT, "sslcert"),
          Map.entry(PGProperty.SSL_KEY, "sslkey"),
          Map.entry(PGProperty.CONNECT_TIMEOUT, "connect_timeout"),
          Map.entry(PGProperty.APPLICATION_NAME, "application_name"),
          Map.entry(PGProperty.OPTIONS, "options"),
          Map.entry(PGProperty.GSS_ENC_MODE, "gssencmode"),
          Map.entry(PGProperty.KERBEROS_SERVER_NAME, "krbsrvname"),
          Map.entry(PGProperty.CHANNEL_BINDING, "channel_binding"),
          Map.entry(PGProperty.REQUIRE_AUTH, "require_auth"),
          Map.entry(PGProperty.SSL_NEGOTIATION, "sslnegotiation"));

  /** How the driver is made to reach a server in ways that exist in Java alone. */
  private static final List<PGProperty> JAVA_ONLY =
      List.of(
          PGProperty.SOCKET_FACTORY,
          PGProperty.SSL_FACTORY,
          PGProperty.SSL_HOSTNAME_VERIFIER,
          PGProperty.SSL_PASSWORD_CALLBACK,
          PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME,
          PGProperty.JAAS_APPLICATION_NAME,
          PGProperty.LOCAL_SOCKET_ADDRESS);

  private static final Map<String, String> SESSIONS =
      Map.of(
          "any", "any",
          "master", "primary",
          "primary", "primary",
          "slave", "standby",
          "secondary", "standby",
          "preferslave", "prefer-standby",
          "prefersecondary", "prefer-standby",
          "preferprimary", "any");

  private final Map<String, String> parameters;
  private final @Nullable String password;

  private LibpqAddress(Map<String, String> parameters, @Nullable String password) {
    this.parameters = parameters;
    this.password = password;
  }

  /**
   * Reads the driver's properties.
   *
   * @param server how messages call the server
   * @throws BackupException {@code UNSUPPORTED} if a program cannot be told the same
   */
  public static LibpqAddress of(Properties properties, String server) throws BackupException {
    refuseJavaOnly(properties, server);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("host", value(PGProperty.PG_HOST, properties).replaceAll("[\\[\\]]", ""));
    parameters.put("port", value(PGProperty.PG_PORT, properties));
    SAME.forEach(
        (property, name) -> {
          String value = property.getOrDefault(properties);
          if (value != null && properties.getProperty(property.getName()) != null) {
            parameters.put(name, value);
          }
        });
    parameters.put("sslmode", sslMode(properties, server));
    parameters.put("target_session_attrs", session(properties));
    return new LibpqAddress(parameters, PGProperty.PASSWORD.getOrDefault(properties));
  }

  private static String value(PGProperty property, Properties properties) {
    return Objects.requireNonNullElse(property.getOrDefault(properties), "");
  }

  private static void refuseJavaOnly(Properties properties, String server) throws BackupException {
    for (PGProperty each : JAVA_ONLY) {
      if (properties.getProperty(each.getName()) != null) {
        throw refused(each.getName(), server);
      }
    }
    String key = properties.getProperty(PGProperty.SSL_KEY.getName());
    if (key != null && properties.getProperty(PGProperty.SSL_PASSWORD.getName()) != null) {
      throw refused(PGProperty.SSL_PASSWORD.getName(), server);
    }
    if (key != null && key.toLowerCase(Locale.ROOT).matches(".*\\.(p12|pfx)")) {
      throw refused(PGProperty.SSL_KEY.getName() + " in PKCS #12", server);
    }
  }

  private static BackupException refused(String property, String server) {
    return new BackupException(
        Kind.UNSUPPORTED,
        "pg_dump cannot be told the property "
            + property
            + " of "
            + server
            + ": leave it out, or capture with dataOnly()");
  }

  private static String sslMode(Properties properties, String server) throws BackupException {
    try {
      return SslMode.of(properties).value;
    } catch (PSQLException e) {
      throw new BackupException(
          Kind.INVALID, "The property sslmode of " + server + " is none that exists");
    }
  }

  private static String session(Properties properties) {
    String wanted = value(PGProperty.TARGET_SERVER_TYPE, properties).toLowerCase(Locale.ROOT);
    return SESSIONS.getOrDefault(wanted, "any");
  }

  /** The same at the one of several hosts that the driver chose. */
  public LibpqAddress at(String host, int port) {
    Map<String, String> one = new LinkedHashMap<>(parameters);
    one.put("host", host.replaceAll("[\\[\\]]", ""));
    one.put("port", Integer.toString(port));
    one.put("target_session_attrs", "any");
    return new LibpqAddress(one, password);
  }

  /** An address without secrets, in ASCII. */
  public String uri(String database) {
    return parameters.entrySet().stream()
        .map(each -> each.getKey() + "=" + escaped(each.getValue()))
        .collect(Collectors.joining("&", "postgresql:///" + escaped(database) + "?", ""));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = each >= '0' && each <= '9' || each >= 'a' && each <= 'z';
      escaped.append(
          plain ? String.valueOf((char) each) : String.format(Locale.ROOT, "%%%02X", each));
    }
    return escaped.toString();
  }

  /**
   * What a program needs in its environment; its password is put into a file of the directory.
   *
   * @param directory of mode 0700, in which the program runs
   */
  public Map<String, String> environment(Path directory) throws IOException {
    if (password == null) {
      return Map.of();
    }
    Path file = directory.resolve(PASS_FILE);
    if (!Files.exists(file)) {
      PassFile.write(file, password);
    }
    return Map.of("PGPASSFILE", PASS_FILE);
  }

  /** Host and port. */
  @Override
  public String toString() {
    return parameters.get("host") + ":" + parameters.get("port");
  }
}
