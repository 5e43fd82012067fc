package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.files.FilesDrill;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class VerifiersContractTest {

  @TempDir static Path directory;

  private static BackupSource files() throws Exception {
    Files.writeString(directory.resolve("file"), "content");
    return FilesSource.of(directory);
  }

  @Nested
  class Structure extends VerifierContract {

    @Override
    protected Verifier verifier() {
      return Verifiers.structure();
    }

    @Override
    protected BackupSource source() throws Exception {
      return files();
    }
  }

  @Nested
  class Checksums extends VerifierContract {

    @Override
    protected Verifier verifier() {
      return Verifiers.checksums();
    }

    @Override
    protected BackupSource source() throws Exception {
      return files();
    }
  }

  @Nested
  class All extends VerifierContract {

    @Override
    protected Verifier verifier() {
      return Verifiers.all(Verifiers.structure(), Verifiers.checksums());
    }

    @Override
    protected BackupSource source() throws Exception {
      return files();
    }
  }

  @Nested
  class Share extends VerifierContract {

    @Override
    protected Verifier verifier() {
      return Verifiers.share(1, 2);
    }

    @Override
    protected BackupSource source() throws Exception {
      return files();
    }
  }

  @Nested
  class OnlyShare extends VerifierContract {

    @Override
    protected Verifier verifier() {
      return Verifiers.share(1, 1);
    }

    @Override
    protected BackupSource source() throws Exception {
      return files();
    }
  }

  @Nested
  class Added extends VerifierContract {

    @Override
    protected Verifier verifier() {
      return Verifiers.added(0.1);
    }

    @Override
    protected BackupSource source() throws Exception {
      return files();
    }
  }

  @Nested
  class Size extends VerifierContract {

    @Override
    protected Verifier verifier() {
      return Verifiers.size();
    }

    @Override
    protected BackupSource source() throws Exception {
      return files();
    }
  }

  @Nested
  class Drill extends VerifierContract {

    @Override
    protected Verifier verifier() {
      return FilesDrill.create();
    }

    @Override
    protected BackupSource source() throws Exception {
      return files();
    }
  }
}
