package dev.copperplate.backup.postgres.drill;

/**
 * A question to a restored database, and what is to come out.
 *
 * @param database which
 * @param query a statement that gives a value
 * @param expected the first value of the first row, as text
 */
public record Answer(String database, String query, String expected) {}
