package dev.copperplate.backup.postgres.drill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The files that say how a drill's server runs, beside its data directory. */
record DrillFiles(DrillFolder folder) {

  /** Writes them: whoever reaches the socket gets in. */
  void write(byte[] text) throws IOException {
    Files.write(configuration(), text);
    Files.writeString(access(), "local all all trust\n", StandardCharsets.US_ASCII);
    Files.write(identities(), new byte[0]);
  }

  /** What the command line has to say, since it says where they are. */
  Map<String, String> settings() {
    return DrillConfiguration.files(configuration(), access(), identities());
  }

  private Path configuration() {
    return folder.path().resolve("postgresql.conf");
  }

  private Path access() {
    return folder.path().resolve("pg_hba.conf");
  }

  private Path identities() {
    return folder.path().resolve("pg_ident.conf");
  }
}
