package uk.ac.manchester.tornado.api.enums;

/** Where the profiler's log goes. */
public enum ProfilerMode {
  CONSOLE,
  SILENT
}
