package dev.copperplate.samples;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.crypto.Sealer;
import dev.copperplate.backup.repository.format.KeyFile;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.format.Sha256;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * Makes repositories whose key costs next to nothing to open, so that a test can open them ten
 * thousand times. Written with the engine's own format classes, which no module exports.
 */
final class TinyRepository {

  static final String PASSWORD = "correct horse battery staple";
  static final Passwords PASSWORDS = Passwords.of(PASSWORD::toCharArray);

  private static final KeyDerivation CHEAP = new KeyDerivation(2, 1, 1);

  private TinyRepository() {}

  static void create(BackupTarget target) throws IOException {
    SecureRandom random = new SecureRandom();
    MasterKey key = MasterKey.random(random);
    Instant now = Instant.now();
    byte[] keyFile = KeyFile.wrap(key, PASSWORD.toCharArray(), CHEAP, now, "", "", random).encode();
    put(target, "keys/" + Sha256.hash(keyFile).hex(), keyFile);
    RepositoryConfig config =
        new RepositoryConfig(
            RepositoryConfig.CURRENT_VERSION,
            Sha256.hash(keyFile).hex(),
            Polynomial.random(random).hex());
    put(target, "config", new Sealer(key).seal(config.encode()));
  }

  private static void put(BackupTarget target, String key, byte[] bytes) throws IOException {
    target.put(new ObjectKey(key), Content.of(bytes), PutOptions.METADATA);
  }
}
