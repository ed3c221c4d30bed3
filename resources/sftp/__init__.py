"""The mailbox that is a folder of an SFTP server."""
