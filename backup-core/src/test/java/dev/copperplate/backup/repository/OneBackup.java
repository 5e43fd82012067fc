package dev.copperplate.backup.repository;

import java.nio.file.Path;

/** The main class of a child that makes one backup of a {@link GeneratedSource}. */
final class OneBackup {

  private OneBackup() {}

  /** Arguments: directory, name, first seed, files, size. Waits for a line before it begins. */
  public static void main(String[] arguments) throws Exception {
    GeneratedSource source =
        new GeneratedSource(
            arguments[1],
            Long.parseLong(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
    try (BackupRepository repository = TestRepositories.open(Path.of(arguments[0]))) {
      System.out.println("opened");
      System.in.read();
      System.out.println("made " + repository.backup(source).snapshot().id().hex());
    }
  }
}
