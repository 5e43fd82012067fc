package dev.copperplate.backup.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskFailuresTest {

  private static final String DOING = "Put of data/4f/4f1c to /backups";

  private final ModelDisk disk = new ModelDisk();
  private final DiskFailures failures = new DiskFailures(Path.of("/backups"), disk);

  @ParameterizedTest
  @CsvSource({
    "No space left on device,FULL,Free space",
    "There is not enough space on the disk,FULL,Free space",
    "Disk quota exceeded,FULL,quota",
    "Read-only file system,DENIED,writable",
    "Permission denied,DENIED,access",
    "Operation not permitted,DENIED,access",
    "Too many open files,UNAVAILABLE,ulimit",
    "Too many open files in system,UNAVAILABLE,ulimit",
    "File name too long,UNSUPPORTED,longer names",
    "File too large,UNSUPPORTED,larger files",
    "Stale file handle,UNAVAILABLE,Mount",
    "Input/output error,UNAVAILABLE,mounted and sound",
  })
  void theTextOfTheSystemGivesAKindAndARemedy(String text, Kind kind, String remedy) {
    for (IOException failure :
        new IOException[] {new IOException(text), new FileSystemException("/x", null, text)}) {
      BackupException explained = explain(failure);
      assertEquals(kind, explained.kind());
      assertEquals(failure, explained.getCause());
      String message = String.valueOf(explained.getMessage());
      assertTrue(message.startsWith(DOING + " failed: " + text + ". "), message);
      assertTrue(message.contains(remedy), message);
    }
  }

  @Test
  void whereTheTextIsForeignTheFileSystemIsAsked() {
    IOException failure = new IOException("Auf dem Gerät ist kein Speicherplatz mehr verfügbar");
    disk.room = new Disk.Room("/dev/sdb1", false, 1000);
    assertEquals(Kind.FULL, explain(failure).kind());
    assertTrue(explain(failure).toString().contains("/dev/sdb1 is full: free space there"));
    disk.room = new Disk.Room("/dev/sdb1", true, 1 << 30);
    assertEquals(Kind.DENIED, explain(failure).kind());
    disk.room = new Disk.Room("/dev/sdb1", false, 1 << 30);
    assertEquals(Kind.UNAVAILABLE, explain(failure).kind());
    disk.room = null;
    assertEquals(Kind.UNAVAILABLE, explain(failure).kind());
  }

  @Test
  void refusedPermissionIsDeniedWithTheFile() {
    BackupException explained = explain(new AccessDeniedException("/backups/data"));
    assertEquals(Kind.DENIED, explained.kind());
    assertEquals(
        DOING + " failed: no permission for /backups/data. Give this process access to it.",
        explained.getMessage());
  }

  @Test
  void aDirectoryThatVanishesIsUnavailable() {
    BackupException explained = explain(new NoSuchFileException("/backups/data/x-tmp-1"));
    assertEquals(Kind.UNAVAILABLE, explained.kind());
    assertTrue(explained.toString().contains("/backups is mounted"), explained.getMessage());
  }

  @Test
  void anInterruptedCallIsAnInterruptionWithItsFlag() {
    IOException explained = failures.explained(DOING, new ClosedByInterruptException());
    assertTrue(Thread.interrupted());
    assertInstanceOf(InterruptedIOException.class, explained);
    assertEquals(DOING + " was interrupted", explained.getMessage());
  }

  @Test
  void whatTheCallerDidOrTheContentThrewIsPassedOn() {
    IOException closed = new ClosedChannelException();
    assertSame(closed, failures.explained(DOING, closed));
    IOException known = new BackupException(Kind.DAMAGED, "seen");
    assertSame(known, failures.explained(DOING, known));
    IOException foreign = new IOException("No space left on device");
    assertSame(foreign, failures.explained(DOING, new MeasuredContent.Failure(foreign)));
  }

  private BackupException explain(IOException failure) {
    return assertInstanceOf(BackupException.class, failures.explained(DOING, failure));
  }
}
