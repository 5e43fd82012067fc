package dev.copperplate.backup.testkit.network;

/** A connection that ends after so many bytes. */
record Ending(Direction direction, long bytes, Fate fate) implements NetworkFault {

  Ending {
    if (bytes < 0) {
      throw new IllegalArgumentException("Bytes are counted from 0: " + bytes);
    }
  }

  @Override
  public void before(Piece piece) {
    if (piece.direction() == direction) {
      piece.endAt(bytes);
    }
  }

  @Override
  public Fate after(Piece piece) {
    return piece.direction() == direction && piece.end() >= bytes ? fate : Fate.LIVES;
  }
}
