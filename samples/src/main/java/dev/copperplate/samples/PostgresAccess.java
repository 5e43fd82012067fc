package dev.copperplate.samples;

import dev.copperplate.backup.postgres.PostgresServer;
import dev.copperplate.backup.repository.Passwords;
import java.util.ArrayList;
import java.util.List;

/** The server that the options of a program name. */
final class PostgresAccess {

  private static final String NAME = "--name";
  private static final String SERVER = "--server";
  private static final String USER = "--user";
  private static final String SERVER_PASSWORD_FILE = "--server-password-file";

  private PostgresAccess() {}

  /** The options of a server whose whole cluster is backed up, of the repository, and more. */
  static List<Option> options(Option... more) {
    return sourceOptions("a role with LOGIN and REPLICATION", more);
  }

  /**
   * The options of a source, of the repository, and more.
   *
   * @param role what the role needs
   */
  static List<Option> sourceOptions(String role, Option... more) {
    List<Option> options =
        new ArrayList<>(
            RepositoryAccess.options(
                Option.required(NAME, "NAME", "what the cluster is called in snapshots")));
    options.addAll(serverOptions(role, more));
    return options;
  }

  /**
   * The options of a server, and more.
   *
   * @param role what the role needs
   */
  static List<Option> serverOptions(String role, Option... more) {
    List<Option> options =
        new ArrayList<>(
            List.of(
                Option.required(SERVER, "URL", "jdbc:postgresql://HOST/DATABASE"),
                Option.required(USER, "ROLE", role),
                Option.optional(SERVER_PASSWORD_FILE, "FILE", "holds the password of the role")));
    options.addAll(List.of(more));
    return options;
  }

  static String name(Arguments arguments) {
    return arguments.required(NAME);
  }

  static PostgresServer server(Arguments arguments) throws UsageException {
    String address = arguments.required(SERVER);
    PostgresServer server =
        Arguments.checked(() -> PostgresServer.at(address).user(arguments.required(USER)));
    return arguments.optional(SERVER_PASSWORD_FILE).isPresent()
        ? server.password(Passwords.file(arguments.requiredPath(SERVER_PASSWORD_FILE)))
        : server;
  }
}
