"""A released request with its purchase order becomes an order draft or refusals; and what an answer to it means."""
