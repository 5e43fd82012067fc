package dev.copperplate.backup.testkit.filesystem;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The names that a directory had when it was opened. */
final class ModelDirectoryStream implements DirectoryStream<Path> {

  private final ModelFileSystem fileSystem;
  private final Iterator<Path> entries;
  private boolean begun;

  private ModelDirectoryStream(ModelFileSystem fileSystem, List<Path> entries) {
    this.fileSystem = fileSystem;
    this.entries = entries.iterator();
  }

  static ModelDirectoryStream of(
      ModelFileSystem fileSystem, ModelPath directory, Filter<? super Path> filter)
      throws IOException {
    Node node = fileSystem.node(directory);
    if (!node.directory) {
      throw new NotDirectoryException(directory.toString());
    }
    List<Path> entries = new ArrayList<>();
    for (String name : node.names.keySet()) {
      Path entry = directory.resolve(name);
      if (filter.accept(entry)) {
        entries.add(entry);
      }
    }
    return new ModelDirectoryStream(fileSystem, entries);
  }

  @Override
  public Iterator<Path> iterator() {
    if (begun) {
      throw new IllegalStateException("A directory is walked once");
    }
    begun = true;
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        requirePower();
        return entries.hasNext();
      }

      @Override
      public Path next() {
        return entries.next();
      }
    };
  }

  private void requirePower() {
    try {
      synchronized (fileSystem) {
        fileSystem.requirePower();
      }
    } catch (IOException e) {
      throw new DirectoryIteratorException(e);
    }
  }

  @Override
  public void close() {}
}
