package dev.copperplate.samples;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Copies a directory: files, directories and links, with permissions and times. */
final class TreeCopy extends SimpleFileVisitor<Path> {

  private final Path from;
  private final Path to;

  private TreeCopy(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new TreeCopy(from, to));
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
      throws IOException {
    Files.createDirectory(copy(directory));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isOther()) { // Pipes and the like are nothing to copy.
      return FileVisitResult.CONTINUE;
    }
    Path made = copy(file);
    Files.copy(file, made, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    // JDK 17 leaves the times of links alone, and cuts those of files to microseconds.
    Files.getFileAttributeView(made, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(attributes.lastModifiedTime(), null, null);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
      throws IOException {
    if (failure != null) {
      throw failure;
    }
    Path made = copy(directory);
    Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(directory));
    Files.setLastModifiedTime(made, Files.getLastModifiedTime(directory));
    return FileVisitResult.CONTINUE;
  }

  private Path copy(Path original) {
    return to.resolve(from.relativize(original).toString());
  }
}
