package dev.copperplate.backup.postgres;

import dev.copperplate.backup.postgres.scratch.ServerUser;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that signs itself, made by the JDK's keytool.
 *
 * @param folder where its files are
 */
record ServerCertificate(Path folder) {

  private static final String PASSWORD = "not a secret";

  /**
   * Makes one.
   *
   * @param name for whom, as keytool has it: {@code ip:127.0.0.1}, {@code dns:localhost}
   */
  static ServerCertificate make(Path folder, String name) throws Exception {
    Files.createDirectories(folder);
    Path store = folder.resolve("store.p12");
    Program.run(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-alias",
            "server",
            "-keyalg",
            "EC",
            "-dname",
            "CN=test",
            "-ext",
            "san=" + name,
            "-ext",
            "bc=ca:true")
        .orThrow();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    ServerCertificate made = new ServerCertificate(folder);
    write(made.root(), "CERTIFICATE", keys.getCertificate("server").getEncoded());
    write(made.key(), "PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
    Files.setPosixFilePermissions(made.key(), PosixFilePermissions.fromString("rw-------"));
    return made;
  }

  private static void write(Path file, String kind, byte[] content) throws Exception {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    Files.write(
        file,
        List.of(
            "-----BEGIN " + kind + "-----",
            new String(lines.encode(content), StandardCharsets.US_ASCII),
            "-----END " + kind + "-----"));
  }

  /** Itself, and so the root that signed it. */
  Path root() {
    return folder.resolve("root.pem");
  }

  private Path key() {
    return folder.resolve("key.pem");
  }

  /** A server that has it, and takes no replication but with TLS. */
  EmbeddedPostgres start(int version) throws Exception {
    ServerUser.unprivileged().own(folder);
    EmbeddedPostgres server =
        EmbeddedPostgres.version(version)
            .set("ssl", "on")
            .set("ssl_cert_file", root().toString())
            .set("ssl_key_file", key().toString())
            .start();
    Files.write(
        server.data().resolve("pg_hba.conf"),
        List.of(
            "local all all trust",
            "hostssl replication all 127.0.0.1/32 scram-sha-256",
            "host all postgres 127.0.0.1/32 scram-sha-256",
            "hostssl all all 127.0.0.1/32 scram-sha-256"));
    server.sql("SELECT pg_reload_conf()");
    return server;
  }
}
