//! The job: source, reader, workers, order, sink.
