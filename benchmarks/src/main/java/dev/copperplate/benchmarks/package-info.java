/** How fast the engine is: its stages alone, and whole programs beside stock restic. */
package dev.copperplate.benchmarks;
