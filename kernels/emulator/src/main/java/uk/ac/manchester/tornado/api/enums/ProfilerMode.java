package uk.ac.manchester.tornado.api.enums;

/** The destination of the profiler's log. */
public enum ProfilerMode {
  CONSOLE,
  SILENT
}
